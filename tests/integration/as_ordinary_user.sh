# Start MantidHub as a user without rights, from a copy of the checkout that this user can read, and use it once.
# Usage: as_ordinary_user.sh EMPTY_FOLDER   (as root; the user has the number 61001, no name, and must reach the folder)
set -eu
checkout=$(cd "$(dirname "$0")/../.." && pwd)
folder=$1
uid=61001
mkdir "$folder/home" "$folder/checkout"
git -C "$checkout" ls-files -z --cached --others --exclude-standard |
    (cd "$checkout" && xargs -0 -r cp --parents -t "$folder/checkout" 2>/dev/null || true)
chown -R $uid:$uid "$folder/home" "$folder/checkout"
export HOME=$folder/home UV_CACHE_DIR=${UV_CACHE_DIR:-$folder/home/.cache/uv}
as_user="setpriv --reuid $uid --regid $uid --clear-groups --inh-caps=-all"
cd "$folder/checkout"
# An interpreter that this user can read: root's own may lie in root's home.
python=/usr/bin/python3
$as_user make --silent hub-ready PYTHON=$python
$as_user $python tools/bootstrap.py dev
$as_user .venv/bin/mantidhub check
exec $as_user env PYTHONPATH=tests .venv/bin/python - <<'PYTHON'
from pathlib import Path
from support.person import Person
from support.platform import Platform
running = Platform(Path(".mantidhub")).start()
print(running.text)
try:
    person = Person.from_link(running.invite("alice"), "alice")
    person.start_session()
    print(person.kernel().run("import os; print(6 * 7, 'from uid', os.getuid())").text)
finally:
    running.stop()
PYTHON
