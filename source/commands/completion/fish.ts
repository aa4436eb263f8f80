import { completedCommands, type CompletedCommand } from './table.ts';

const quoted = (text: string): string => `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;

export function fishCompletion(): string {
  return [
    '# fish completion of orchestrator: ~/.config/fish/completions/orchestrator.fish',
    'complete -c orchestrator -f',
    "complete -c orchestrator -n __fish_use_subcommand -l help -d 'show the commands'",
    "complete -c orchestrator -n __fish_use_subcommand -l version -d 'show the version'",
    ...completedCommands.flatMap(linesOf),
    '',
  ].join('\n');
}

function linesOf({ name, summary, flags, choices, takesFile }: CompletedCommand): string[] {
  const after = `complete -c orchestrator -n '__fish_seen_subcommand_from ${name}'`;
  return [
    `complete -c orchestrator -n __fish_use_subcommand -a ${name} -d ${quoted(summary)}`,
    ...(choices.length > 0 ? [`${after} -a ${quoted(choices.join(' '))}`] : []),
    ...(takesFile ? [`${after} -F`] : []),
    ...flags.map(({ name: flag, about, value, takesFile: isFile }) => {
      const takes = value === undefined ? '' : isFile ? ' -r -F' : ' -x';
      return `${after} -l ${flag.slice(2)}${takes} -d ${quoted(about)}`;
    }),
  ];
}
