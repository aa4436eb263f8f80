import { formatAge, formatPlural } from '../../dashboard/format/index.ts';
import type { ProviderKey } from '../../providers/index.ts';
import type { HistoryStatus } from '../../telemetry/index.ts';
import type { DoctorReport } from './report.ts';

type Row = readonly [name: string, value: string];

/** The report as text: what is there, then what is wrong; `now` in Unix seconds. */
export function renderDoctor(report: DoctorReport, now: number): string {
  const { program, paths, keys, configuration, history, prices, terminal, problems } = report;
  const sections: [title: string, rows: Row[]][] = [
    [
      'Program',
      [
        ['orchestrator', program.version],
        ['Node.js', program.node],
        ['system', program.platform],
      ],
    ],
    ['Paths', paths.map(({ name, path, exists }) => [name, exists ? path : `${path} (not there)`])],
    ['Keys', keys.map((key) => [key.provider, keyText(key)])],
    ['Configuration', [['in force', configurationText(configuration)]]],
    ['History', historyRows(history, now)],
    ['Models', modelRows(prices)],
    ['Terminal', [['output', terminalText(terminal)]]],
    ['OpenTelemetry', [['traces', tracesText(report.openTelemetry)]]],
  ];
  const width = Math.max(...sections.flatMap(([, rows]) => rows.map(([name]) => name.length)));
  const text = sections.flatMap(([title, rows]) => [
    title,
    ...rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    '',
  ]);
  return [...text, ...problemLines(problems, terminal.unicode), ''].join('\n');
}

function keyText({ variables, variable, address }: ProviderKey): string {
  if (variable !== undefined) return `${variable} is set; requests go to ${address}`;
  if (variables.length === 0) return `needs none; requests go to ${address}`;
  return `none (${variables.join(' or ')})`;
}

function configurationText({ file, trusted, usable }: DoctorReport['configuration']): string {
  if (!usable) return 'nothing: the file that is there has a mistake, see below';
  if (file === null) return 'no file: everything is default';
  return trusted === true ? file : `${file}, without what needs your trust`;
}

function historyRows(
  { path, status, rows, version, currentVersion, ...rest }: HistoryStatus,
  now: number,
): Row[] {
  const file: Row = [
    status === 'server' ? 'server' : 'file',
    status === 'missing' ? `${path} (not there yet)` : path,
  ];
  const { rollups, waiting, to } = rest;
  const sums: Row = ['sums', rollups.exists ? 'kept beside it' : 'made when they are needed'];
  const spool: Row = ['waiting', waiting.length === 0 ? 'nothing' : `${waiting.length} files`];
  if (status !== 'ready') return [file, spool];
  const counts = Object.entries(rows).map(([table, count]) => {
    const many = table.replaceAll('_', ' ');
    return formatPlural(count, many.replace(/s$/, ''), many);
  });
  return [
    file,
    ['version', `${version} (this program writes ${currentVersion})`],
    ['rows', counts.join(', ')],
    ...(to === undefined ? [] : [['last result', `${formatAge(now - to)} ago`] as const]),
    sums,
    spool,
  ];
}

function modelRows({ models, usable, unpriced }: DoctorReport['prices']): Row[] {
  return [
    ['known', String(models)],
    ['usable', `${usable - unpriced.length} with key and price`],
    ...(unpriced.length === 0 ? [] : [['without price', unpriced.join(', ')] as const]),
  ];
}

function terminalText(terminal: DoctorReport['terminal']): string {
  const { isTerminal, columns, rows, colours, unicode, screenReader } = terminal;
  const size = isTerminal ? `terminal of ${columns} × ${rows}` : 'no terminal';
  return [
    size,
    colours === 1 ? 'no colours' : `${colours} colours`,
    unicode ? 'Unicode' : 'ASCII alone',
    ...(screenReader ? ['as text for a screen reader'] : []),
  ].join(', ');
}

function tracesText({ wanted, installed }: DoctorReport['openTelemetry']): string {
  if (!wanted) return 'not asked for';
  return installed ? 'sent as the environment says' : 'asked for, but no SDK is installed';
}

function problemLines(problems: DoctorReport['problems'], unicode: boolean): string[] {
  const marks = { stop: unicode ? '✗' : 'x', warning: '!' };
  if (problems.length === 0) return ['Nothing is wrong.'];
  return [
    'What to do',
    ...problems.map(({ severity, message }) => `  ${marks[severity]} ${message}`),
  ];
}
