# Pod 0 is the primary; every other one replicates it. The peers' names resolve before pods are ready.
set -eu
umask 077
{
  cat /etc/redis/redis.conf
  echo "requirepass $REDISCLI_AUTH"
  echo "masterauth $REDISCLI_AUTH"
  [ "${HOSTNAME##*-}" = 0 ] || echo "replicaof redis-0.redis-peers 6379"
} >/tmp/redis.conf
exec redis-server /tmp/redis.conf
