import { completedCommands, type CompletedCommand, type CompletedFlag } from './table.ts';

export function zshCompletion(): string {
  return `#compdef orchestrator
# zsh completion of orchestrator: source <(orchestrator completion zsh), after compinit
_orchestrator() {
  local -a commands
  commands=(
${completedCommands.map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe -t commands command commands
    _arguments '--help[show the commands]' '--version[show the version]'
    return
  fi
  local command=$words[2]
  shift words
  ((CURRENT -= 1))
  case $command in
${completedCommands.map(commandCase).join('\n')}
    --help) _describe -t commands command commands ;;
  esac
}

if [[ $funcstack[1] == _orchestrator ]]; then
  _orchestrator "$@"
else
  compdef _orchestrator orchestrator
fi
`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** In the language of \`_arguments\`, brackets end a text and colons its parts. */
const escaped = (text: string): string => text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);

function flagOf({ name, about, value, takesFile }: CompletedFlag): string {
  const what = `[${escaped(about)}]`;
  if (value === undefined) return quoted(`${name}${what}`);
  return quoted(`${name}=${what}:${value}:${takesFile ? '_files' : ' '}`);
}

function commandCase({ name, flags, choices, takesFile }: CompletedCommand): string {
  const argument =
    choices.length > 0
      ? quoted(`1: :(${choices.join(' ')})`)
      : takesFile
        ? quoted('1:file:_files')
        : '';
  const specifications = [argument, ...flags.map(flagOf)].filter((text) => text !== '');
  return `    ${name}) _arguments ${specifications.join(' ')} ;;`;
}
