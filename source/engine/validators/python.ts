import { tmpdir } from 'node:os';
import { runSubprocess } from './subprocess.ts';

const parseOnly = `
import ast, sys
try:
    ast.parse(sys.stdin.buffer.read())
except (SyntaxError, ValueError) as error:
    print(f"{error.__class__.__name__}: {error}")
    sys.exit(1)
`;

const timeoutMs = 10_000;

/**
 * What is wrong with the syntax of Python code, or undefined: also where no python3 is installed. Parsed
 * in a process of its own, isolated from the user's Python settings; nothing of it is run.
 */
export async function pythonProblem(code: string): Promise<string | undefined> {
  const result = await runSubprocess({
    command: ['python3', '-I', '-c', parseOnly],
    directory: tmpdir(),
    input: code,
    timeoutMs,
  });
  if (result.status === 'not-found') return undefined;
  if (result.status === 'timed-out') return 'could not be parsed in time';
  // 127 and 126 come from wrappers around a Python that is not there.
  if (result.code === 0 || result.code === 126 || result.code === 127) return undefined;
  return result.output.trim().split('\n').at(-1) ?? 'could not be parsed';
}
