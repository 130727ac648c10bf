# For scripts to source that read settings, before they change directory: relative paths in settings are meant from where the command was started.
# npm changes to the checkout before it starts a script, and leaves in INIT_CWD where it was.
# shellcheck shell=bash

absolute_settings_paths() {
  local name started_from=$PWD
  [[ ! $PWD -ef ${BASH_SOURCE[0]%/*}/../.. ]] || started_from=${INIT_CWD:-$PWD}
  for name in MAXQ_DATA_DIR MAXQ_FLOWS_ROOT MAXQ_SQLITE_PATH MAXQ_DATABASE_URL_FILE MAXQ_API_KEY_FILE; do
    [[ -z ${!name:-} || ${!name} == /* ]] || export "$name=$started_from/${!name}"
  done
}
absolute_settings_paths
