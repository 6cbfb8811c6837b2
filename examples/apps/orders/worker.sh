# Moves each order from the queue to the list of those done, in one step, so that none is lost.
trap 'exit 0' TERM
while true; do
  redis-cli -e -h redis-0.redis-peers blmove "$QUEUE" "$QUEUE:done" LEFT RIGHT 5 &
  wait $! || sleep 1
done
