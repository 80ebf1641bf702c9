-- expect: topic-unknown
SELECT * FROM "__consumer_offsets$hot"
