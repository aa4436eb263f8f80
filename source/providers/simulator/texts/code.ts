import type { Random } from '../../../domain/runtime.ts';
import { pick } from '../rng.ts';
import type { Requirements } from './requirements.ts';
import { identifierOf, subjectOf } from './subject.ts';

/** Code that parses, about what the task is about; with `malformed`, code that does not. */
export function codeText(options: {
  instructions: string;
  random: Random;
  token: string;
  malformed: boolean;
  paragraphs: number;
  requirements: Requirements;
}): string {
  const { instructions, random, token, malformed, paragraphs, requirements } = options;
  const python = /\bpython\b|\.py\b/i.test(instructions);
  const plainScript = /\bjavascript\b|\bnode\.?js\b|\.m?js\b/i.test(instructions);
  const { title, words } = subjectOf(instructions);
  const name = identifierOf(words, 'task');
  const helpers = Array.from({ length: Math.max(1, paragraphs - 1) }, (_, index) =>
    python
      ? pythonHelper(random, index)
      : scriptHelper(random, index, plainScript ? '' : ': readonly string[]'),
  );
  const note = `Simulated answer to: ${title.replaceAll(/[^\w ,.-]/g, '')}`;
  const body = python
    ? pythonCode({ name, note, helpers, token })
    : scriptCode({ name, note, helpers, token, typed: !plainScript });
  // What has to be in the text fits into a comment, whatever it is.
  const comment = python ? '# ' : '// ';
  const notes = requirements.contains
    .flatMap((text) => text.split('\n'))
    .map((line) => `\n${comment}${line}`)
    .join('');
  const language = python ? 'python' : plainScript ? 'javascript' : 'typescript';
  return `\`\`\`${language}\n${malformed ? broken(body) : body}${notes}\n\`\`\``;
}

type Parts = { name: string; note: string; helpers: string[]; token: string };

function scriptCode({ name, note, helpers, token, typed }: Parts & { typed: boolean }): string {
  const [input, output, list] = typed
    ? [': Iterable<string>', ': string[]', ': string[]']
    : ['', '', ''];
  return `// ${note}
${helpers.join('\n\n')}

export function ${name}(entries${input})${output} {
  const accepted${list} = [];
  for (const entry of entries) {
    const text = entry.trim();
    if (text === '') continue;
    accepted.push(text);
  }
  if (accepted.length === 0) throw new RangeError('nothing to work on');
  return accepted;
}
// ${token}`;
}

function scriptHelper(random: Random, index: number, type: string): string {
  const verb = pick(random, ['count', 'measure', 'rank', 'collect', 'compare']);
  const size = 2 + Math.floor(random() * 60);
  return `const limit${index} = ${size};

function ${verb}${index}(values${type}) {
  return values.filter((value) => value.length <= limit${index}).length;
}`;
}

function pythonCode({ name, note, helpers, token }: Parts): string {
  return `# ${note}
${helpers.join('\n\n\n')}


def ${name}(entries):
    accepted = [entry.strip() for entry in entries if entry.strip()]
    if not accepted:
        raise ValueError("nothing to work on")
    return accepted
# ${token}`;
}

function pythonHelper(random: Random, index: number): string {
  const verb = pick(random, ['count', 'measure', 'rank', 'collect', 'compare']);
  const size = 2 + Math.floor(random() * 60);
  return `LIMIT_${index} = ${size}


def ${verb}_${index}(values):
    return sum(1 for value in values if len(value) <= LIMIT_${index})`;
}

/** The commonest slip: something that was opened is never closed. */
function broken(code: string): string {
  const at = code.lastIndexOf(')');
  return code.slice(0, at) + code.slice(at + 1);
}
