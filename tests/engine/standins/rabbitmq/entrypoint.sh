#!/usr/bin/env bash
# Starts RabbitMQ; CONTRACT.md lists what it honours. RABBITMQ_DEFAULT_USER, _PASS and _VHOST need
# nothing from here: the server reads them.
set -euo pipefail

# The variables that the image's page calls withdrawn. Nobody reads them, and a stack that sets one would not know.
ssl='RABBITMQ_?(MANAGEMENT_)SSL_@(CACERTFILE|CERTFILE|DEPTH|FAIL_IF_NO_PEER_CERT|KEYFILE|VERIFY)'
others='RABBITMQ_@(DEFAULT_USER_FILE|DEFAULT_PASS_FILE|VM_MEMORY_HIGH_WATERMARK)'
refused=0
while IFS= read -r name; do
  # shellcheck disable=SC2053  # patterns
  if [[ -n ${!name} && ($name == $ssl || $name == $others) ]]; then
    printf 'entrypoint: %s is set but deprecated: use a configuration file\n' "$name" >&2
    refused=1
  fi
done < <(compgen -e)
[[ $refused -eq 0 ]] || exit 1

as=()
if [[ $EUID -eq 0 && ${1-} == rabbitmq* ]]; then
  as=(gosu rabbitmq)
  # Once, before the server: a cookie that root makes after this is one the server may not read.
  [[ $1 != rabbitmq-server ]] || chown -R rabbitmq /var/lib/rabbitmq
fi
exec "${as[@]}" "$@"
