"""Raw events in and out of bytes: cells checked, formats unpacked, partitions written; decides nothing."""
