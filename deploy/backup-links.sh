#!/bin/sh
# Keeps copies of the backup folder BACKUP in the folder SNAPSHOTS, which is on the same disk: 7 daily, 4 weekly and 12
# monthly ones. Files that did not change are hard links, so a copy takes only what is new. Erased photos are removed
# from all copies. BACKUP itself belongs on a disk other than the data's.
set -eu

backup=${BACKUP:?BACKUP is the folder of npm run backup}
snapshots=${SNAPSHOTS:?SNAPSHOTS is the folder of the copies}
# Tests set TODAY.
today=${TODAY:-$(date +%F)}

if [ ! -f "$backup/manifest.json" ]; then
  echo "$backup 里没有做完的备份，没有留副本：请先运行 npm run backup -- $backup" >&2
  exit 1
fi
mkdir -p "$snapshots"
rm -rf "$snapshots"/*.unfinished
if [ ! -e "$snapshots/$today" ]; then
  cp -al "$backup" "$snapshots/$today.unfinished"
  rm -rf "$snapshots/$today.unfinished/drill" "$snapshots/$today.unfinished/desk.lock.sqlite"
  mv "$snapshots/$today.unfinished" "$snapshots/$today"
fi

# From the newest to the oldest: the first 7, the newest of each of 4 weeks, the newest of each of 12 months.
days=0 weeks=0 months=0 last_week= last_month=
for name in $(ls -1 "$snapshots" | grep -E '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' | sort -r); do
  keep=
  if [ "$days" -lt 7 ]; then
    days=$((days + 1)) keep=yes
  fi
  week=$(date -d "$name" +%G-%V)
  if [ "$week" != "$last_week" ] && [ "$weeks" -lt 4 ]; then
    weeks=$((weeks + 1)) last_week=$week keep=yes
  fi
  month=${name%-*}
  if [ "$month" != "$last_month" ] && [ "$months" -lt 12 ]; then
    months=$((months + 1)) last_month=$month keep=yes
  fi
  if [ -z "$keep" ]; then
    mv "$snapshots/$name" "$snapshots/$name.unfinished"
    rm -rf "$snapshots/$name.unfinished"
  fi
done

if [ -f "$backup/erased.txt" ]; then
  while read -r hash; do
    prefix=$(printf %.2s "$hash")
    for copy in "$snapshots"/*/; do
      rm -rf "${copy}originals/$prefix/$hash" "${copy}encoded/$prefix/$hash"
    done
  done <"$backup/erased.txt"
fi
