# What a terminal reads: what a login shell would, and then the environment's programs first.
[ -r /etc/profile ] && . /etc/profile
for _file in ~/.bash_profile ~/.bash_login ~/.profile; do
    if [ -r "$_file" ]; then
        . "$_file"
        _found=1
        break
    fi
done
[ -z "${_found:-}" ] && [ -r ~/.bashrc ] && . ~/.bashrc
unset _file _found
# A login shell's PATH is the system's: `python` must be the one that the notebooks run on.
case ":$PATH:" in
    "$MANTIDLAB_PROGRAMS":*) ;;
    *) PATH="$MANTIDLAB_PROGRAMS:$PATH" ;;
esac
case "$PS1" in
    '\s-\v\$ ' | '') PS1='\w\$ ' ;;
    # in the sandbox a uid may have no name
    *'\u@\h'*) PS1="${PS1//'\u@\h'/${JUPYTERHUB_USER:-\\u}}" ;;
esac
