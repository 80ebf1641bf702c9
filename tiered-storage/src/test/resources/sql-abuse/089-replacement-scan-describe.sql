-- expect: topic-unknown
DESCRIBE '${canary}'
