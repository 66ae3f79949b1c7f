#!/bin/sh
# The nightly sync under cron, which mails whatever is written: nothing when all is well. Ends with
# the exit code of the sync.
set -u
umask 077

file=${PEOPLE_FILE:-/srv/people/people.csv}
config=${NIGHTLY_CONFIG:-/etc/cognito-bulk/nightly.yaml}
log=${NIGHTLY_LOG:-/var/log/cognito-bulk/nightly.log}

cognito-bulk sync "$file" --config "$config" --no-progress >/dev/null 2>>"$log"
code=$?

case $code in
  0) exit 0 ;;
  1) what='some rows are not fine: rejects.csv of the run has them' ;;
  2) what='nothing was written to the pool: the log says why' ;;
  3 | 130 | 143) what='it stopped before the end: resume it, or let the next night do the rest' ;;
  *) what='it was killed, or could not be started' ;;
esac

echo "cognito-bulk sync $file ended with $code: $what" >&2
tail -n 5 "$log" >&2
exit "$code"
