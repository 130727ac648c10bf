# For docker-test.sh to source: images to build on where none can be pulled.
# shellcheck shell=bash

node_stand_in=localhost/maxq-standin-node:latest
postgres_image=docker.io/library/postgres:17

# Sets node_image: Node's own image if it can be had, else Debian by debootstrap with this machine's Node.
find_node_image() {
  node_image=$(sed -n 's/^ARG NODE_IMAGE=//p' docker/Dockerfile)
  if has_image "$node_image" || timeout 120 "$builder" pull "$node_image" > /dev/null 2>&1; then
    echo "Base: $node_image"
    return
  fi
  echo "Base: a stand-in (debootstrap, Node $(node --version) of this machine), because $node_image cannot be pulled."
  node_image=$node_stand_in
  has_image "$node_image" || make_node_stand_in
}

has_image() { "$builder" inspect --type image "$1" > /dev/null 2>&1; }

make_node_stand_in() {
  command -v debootstrap > /dev/null || { echo 'There is no debootstrap. On Debian: apt-get install debootstrap' >&2; exit 3; }
  local rootfs=$scratch/rootfs npm
  debootstrap --variant=minbase --include=ca-certificates bookworm "$rootfs" > "$scratch/debootstrap.log"
  npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
  cp "$(readlink -f "$(command -v node)")" "$rootfs/usr/local/bin/node"
  mkdir -p "$rootfs/usr/local/lib/node_modules"
  cp -a "$npm" "$rootfs/usr/local/lib/node_modules/npm"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$rootfs/usr/local/bin/npm"
  # Certificates that this machine trusts, so that npm gets through where it does here.
  cp /etc/ssl/certs/ca-certificates.crt "$rootfs/etc/ssl/certs/"
  echo 'node:x:1000:1000::/home/node:/bin/bash' >> "$rootfs/etc/passwd"
  echo 'node:x:1000:' >> "$rootfs/etc/group"
  install -d -o 1000 -g 1000 "$rootfs/home/node"
  rm -rf "$rootfs"/var/cache/apt/* "$rootfs"/var/lib/apt/lists/*
  tar -C "$rootfs" -c . | "$builder" import --change 'ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt' - "$node_image" > /dev/null
}

# PostgreSQL's own image if it can be had, else Debian's server under its name.
find_postgres_image() {
  if has_image "$postgres_image" || timeout 120 "$builder" pull "$postgres_image" > /dev/null 2>&1; then return; fi
  echo "PostgreSQL: a stand-in (Debian's), because $postgres_image cannot be pulled."
  mkdir -p "$scratch/postgres"
  cat > "$scratch/postgres/Dockerfile" <<END
FROM $node_image
RUN apt-get update && apt-get install -y --no-install-recommends postgresql && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \\
 && ln -s /usr/lib/postgresql/*/bin/* /usr/local/bin/ 2> /dev/null; install -d -o postgres -g postgres /var/lib/postgresql/data
COPY start.sh /start.sh
USER postgres
ENTRYPOINT ["/start.sh"]
END
  cat > "$scratch/postgres/start.sh" <<'END'
#!/bin/bash
set -eu
data=/var/lib/postgresql/data/pgdata
if [ ! -f $data/PG_VERSION ]; then
  initdb -D $data -U "$POSTGRES_USER" --pwfile=<(echo "$POSTGRES_PASSWORD") --auth-local=trust --auth-host=scram-sha-256 > /dev/null
  echo 'host all all all scram-sha-256' >> $data/pg_hba.conf
  pg_ctl -D $data -w -o "-c listen_addresses=''" start > /dev/null
  createdb -U "$POSTGRES_USER" "$POSTGRES_DB" || true
  pg_ctl -D $data -w stop > /dev/null
fi
exec postgres -D $data -c listen_addresses='*'
END
  chmod +x "$scratch/postgres/start.sh"
  build_image "$postgres_image" "$scratch/postgres/Dockerfile" "$scratch/postgres" > "$scratch/postgres.log" 2>&1 || { tail -20 "$scratch/postgres.log" >&2; exit 1; }
}
