# Offers the node's load as a page of metrics.
trap 'exit 0' TERM
httpd -f -p 9100 -h /pages &
while true; do
  read -r one five _ </proc/loadavg
  printf 'node_load1 %s\nnode_load5 %s\n' "$one" "$five" >/pages/metrics.new
  mv /pages/metrics.new /pages/metrics
  sleep 5 &
  wait $!
done
