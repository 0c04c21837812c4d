# Completion of dndriftctl and dndriftd in bash. Verbs and options come from the programs' own help, the names of watches
# and directories from the configuration that the command line means.

_dndrift_options() {
    sed -n -e 's/^  \(-[a-zA-Z]\), \(--[a-z-]*\).*/\1\n\2/p' -e 's/^  \(--[a-z][a-z-]*\).*/\1/p'
}

_dndrift_verbs() {
    sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p'
}

# The names of the [WATCH NAME] or [DIRECTORY NAME] sections of a file.
_dndrift_names() {
    local name='[[:alnum:]][[:alnum:]._-]*' b='[[:blank:]]*'

    sed -n "s/^$b\[$b$1[[:blank:]]$b\($name\)$b\]$b\([;#].*\)\{0,1\}$/\1/p" "$2" 2>/dev/null
}

# Answers with those of the words that begin as the last one does.
_dndrift_offer() {
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2")
}

_dndrift_offer_files() {
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

# What stands before the word that is completed: `verb` and `file` of the caller. bash takes --config=FILE for three words.
_dndrift_parse() {
    local i

    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        -c | --config)
            [[ ${COMP_WORDS[i + 1]} == = ]] && i=$((i + 1))
            i=$((i + 1))
            file=${COMP_WORDS[i]/#\~\//$HOME/}
            ;;
        --config=*) file=${COMP_WORDS[i]#*=} ;;
        -*) ;;
        *)
            verb=${COMP_WORDS[i]}
            return
            ;;
        esac
    done
}

_dndriftctl() {
    local word=$2 before=$3 verb='' help file usage

    help=$("$1" --help 2>/dev/null)
    file=$(sed -n 's/.*instead of \(\/.*\)/\1/p' <<<"$help")
    _dndrift_parse
    COMPREPLY=()
    if [[ -z $verb && ($before == -c || $before == --config || $before == =) ]]; then
        _dndrift_offer_files "${word#=}"
        return
    fi
    if [[ -z $verb ]]; then
        [[ $word == -* ]] && _dndrift_offer "$(_dndrift_options <<<"$help")" "$word"
        [[ $word == -* ]] || _dndrift_offer "$(_dndrift_verbs <<<"$help")" "$word"
        return
    fi
    help=$("$1" "$verb" --help 2>/dev/null)
    usage=${help%%$'\n'*}
    if [[ $word == -* ]]; then
        _dndrift_offer "$(_dndrift_options <<<"$help") --help" "$word"
    elif [[ $usage == *WATCH* ]]; then
        _dndrift_offer "$(_dndrift_names watch "$file")" "$word"
    elif [[ $usage == *DIRECTORY* ]]; then
        _dndrift_offer "$(_dndrift_names directory "$file")" "$word"
    fi
}

_dndriftd() {
    local word=$2 before=$3

    COMPREPLY=()
    if [[ $before == -c || $before == --config || $before == = ]]; then
        _dndrift_offer_files "${word#=}"
    else
        _dndrift_offer "$("$1" --help 2>/dev/null | _dndrift_options)" "$word"
    fi
}

complete -F _dndriftctl dndriftctl
complete -F _dndriftd dndriftd
