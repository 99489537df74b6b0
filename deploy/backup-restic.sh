#!/bin/sh
# Copies the backup folder BACKUP into a restic repository, encrypted: 7 daily, 4 weekly and 12 monthly ones. Needs
# restic 0.14 or newer. RESTIC_REPOSITORY and RESTIC_PASSWORD_FILE say where: another disk, sftp:HOST:FOLDER, s3:…, or
# rclone:REMOTE:FOLDER for what only rclone knows.
set -eu

backup=${BACKUP:?BACKUP is the folder of npm run backup}
: "${RESTIC_REPOSITORY:?RESTIC_REPOSITORY says where restic keeps the copies}"
# Debian's rclone 1.60 fails if this is set.
unset AWS_CA_BUNDLE

if [ ! -f "$backup/manifest.json" ]; then
  echo "$backup 里没有做完的备份，没有抄走：请先运行 npm run backup -- $backup" >&2
  exit 1
fi
# Fails without harm if there is a repository that cannot be read: with another password, for example.
restic --quiet cat config >/dev/null 2>&1 || restic --quiet init
restic --quiet backup --tag with-you --exclude "$backup/drill" --exclude "$backup/desk.lock.sqlite" "$backup"
restic --quiet forget --tag with-you --group-by tags --keep-daily 7 --keep-weekly 4 --keep-monthly 12 --prune
# Reads a thirtieth of what is stored, another one each day.
restic --quiet check --read-data-subset="$(($(date +%s) / 86400 % 30 + 1))/30"
