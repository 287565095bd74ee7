import type { Action } from "../command-spec";

/** A script for the shell; what can be completed it asks vpcctl itself, so that it never has to be made anew. */
export const completion: Action = async ({ out }, given) => {
  const script = SCRIPTS[(given.arg(0) ?? "") as keyof typeof SCRIPTS];
  out.value({ shell: given.arg(0), script });
  if (!out.json) out.raw(script);
};

/** `-o default`: files, where vpcctl knows nothing. */
const BASH = `# bash completion of vpcctl
_vpcctl() {
  local IFS=$'\\n'
  COMPREPLY=($(vpcctl __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _vpcctl vpcctl`;

const ZSH = `#compdef vpcctl
# zsh completion of vpcctl
_vpcctl() {
  local -a lines described
  local line
  lines=("\${(@f)$(vpcctl __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  for line in $lines; do described+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}"); done
  if (( \${#described} )); then _describe vpcctl described; else _files; fi
}
if [ "$funcstack[1]" = _vpcctl ]; then _vpcctl "$@"; else compdef _vpcctl vpcctl; fi`;

const FISH = `# fish completion of vpcctl
function __vpcctl_complete
  set -l words (commandline -opc) (commandline -ct)
  vpcctl __complete -- $words[2..-1] 2>/dev/null
end
complete -c vpcctl -a '(__vpcctl_complete)'`;

const SCRIPTS = { bash: BASH, zsh: ZSH, fish: FISH } as const;
