redis-cli -e info replication | grep -Eq "^(role:master|master_link_status:up)"
