-- expect: topic-unknown
SELECT * FROM 'https://localhost/x.json'
