#!/bin/sh
# Makes the agent known to the server once, with the token that the server left at the door, and runs it.
set -eu
server=ws+unix:///door/agent.sock:/agent
if [ ! -e /state/enrolment.json ]; then
  node /app/agent.mjs enrol --state /state --url "$server" "$@" < /door/join-token
fi
exec node /app/agent.mjs run --state /state --url "$server" "$@"
