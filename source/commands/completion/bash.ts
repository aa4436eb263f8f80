import { completedCommands, overallFlags, type CompletedCommand } from './table.ts';

const words = (list: readonly string[]): string => list.join(' ');

/** Works in bash 3.2 too, which macOS has. */
export function bashCompletion(): string {
  return `# bash completion of orchestrator: source <(orchestrator completion bash)
_orchestrator_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$1"))
}

_orchestrator() {
  local current=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} words=
  COMPREPLY=()
  # --flag=value arrives as three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $before == = ]]; then
    before=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W '${words([...completedCommands.map(({ name }) => name), ...overallFlags])}' -- "$current"))
    return
  fi
  case "\${COMP_WORDS[1]} $before" in
${completedCommands.flatMap(valueCases).join('\n')}
  esac
  case "\${COMP_WORDS[1]}" in
${completedCommands.map(commandCase).join('\n')}
  --help) words='${words(completedCommands.map(({ name }) => name))}' ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}

complete -F _orchestrator orchestrator
`;
}

/** After a flag with a value: files, or nothing. */
function valueCases({ name, flags }: CompletedCommand): string[] {
  const withValue = flags.filter(({ value }) => value !== undefined);
  const patterns = (files: boolean): string =>
    withValue
      .filter(({ takesFile }) => takesFile === files)
      .map((flag) => `'${name} ${flag.name}'`)
      .join(' | ');
  return [
    ...(patterns(true) === ''
      ? []
      : [`  ${patterns(true)}) _orchestrator_files "$current"; return ;;`]),
    ...(patterns(false) === '' ? [] : [`  ${patterns(false)}) return ;;`]),
  ];
}

function commandCase({ name, flags, choices, takesFile }: CompletedCommand): string {
  const list = words([...choices, ...flags.map((flag) => flag.name)]);
  const files = takesFile
    ? `[[ $current == -* ]] || { _orchestrator_files "$current"; return; }; `
    : '';
  return `  ${name}) ${files}words='${list}' ;;`;
}
