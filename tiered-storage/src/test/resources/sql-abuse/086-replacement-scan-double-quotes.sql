-- expect: topic-unknown
SELECT * FROM "/etc/passwd"
