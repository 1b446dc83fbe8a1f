# The issues of a repository into PostgreSQL, by hand.
# $1 first page, $2 jq program, $3 SQL, $4 the repository's address; PGHOST, PGUSER, … name the database
set -eu
last=$(curl -sS --fail -D - -o /dev/null "$1" | sed -n 's/.*[?&]page=\([0-9]*\)>; rel="last".*/\1/p')
curl -sS --fail "$1&page=[1-${last:-1}]" |
  jq -c --arg url "$4" --arg now "$(date -u +%FT%TZ)" -f "$2" |
  psql -X -q -f "$3"
