#!/bin/sh
# Copies the newest backup of the folder BACKUP to REMOTE, a folder of rclone (`remote:bucket/folder`). Needs rclone 1.60
# or newer. The copy can be used at any time: what the manifest names is sent before it, what it does not name any more
# is deleted after it. Older states are not kept: for these, use restic with RESTIC_REPOSITORY=rclone:….
set -eu

backup=${BACKUP:?BACKUP is the folder of npm run backup}
remote=${REMOTE:?REMOTE is the folder of rclone}
# Debian's rclone 1.60 fails if this is set.
unset AWS_CA_BUNDLE

if [ ! -f "$backup/manifest.json" ]; then
  echo "$backup 里没有做完的备份，没有抄走：请先运行 npm run backup -- $backup" >&2
  exit 1
fi
# Files named by their hash never change: their size is enough.
rclone copy --size-only "$backup/originals" "$remote/originals"
rclone copy --size-only "$backup/parts" "$remote/parts"
if [ -d "$backup/encoded" ]; then rclone copy --checksum "$backup/encoded" "$remote/encoded"; fi
rclone copy --checksum "$backup/content.git" "$remote/content.git"
rclone copy --checksum --exclude '/*/**' --exclude /desk.lock.sqlite "$backup" "$remote"
rclone sync --checksum --exclude '/drill/**' --exclude /desk.lock.sqlite "$backup" "$remote"
