import { createLimit } from '../children/limit.ts';
import { runInterpreter } from '../children/run-interpreter.ts';
import { languageNames, mostProblems } from './languages.ts';

/** Reads a list of texts and answers with what is wrong with each. */
const parseOnly = `
import ast, json, sys, warnings
warnings.simplefilter("ignore")
try:
    import resource, signal
    signal.alarm(10)
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
except (ImportError, OSError, ValueError):
    pass
problems = []
for code in json.loads(sys.stdin.buffer.read()):
    try:
        ast.parse(code)
    except (RecursionError, MemoryError):
        problems.append("it is nested too deeply")
    except (SyntaxError, ValueError) as error:
        problems.append(f"{error.__class__.__name__}: {error}"[:300])
print(json.dumps(problems[:10]))
`;

const timeoutMs = 5000;
/** Interpreters at once, over all answers. */
const limit = createLimit(2);

export type PythonOptions = {
  signal?: AbortSignal;
  /** Called where nothing could be parsed, with the reason. */
  onSkipped?: (message: string) => void;
};

/**
 * What is wrong with the syntax of some texts of one answer. One process parses them all, isolated from
 * the user's Python settings and from the current folder; nothing of them is run.
 */
export async function pythonProblems(
  codes: readonly string[],
  options: PythonOptions,
): Promise<string[]> {
  const { signal, onSkipped } = options;
  const result = await limit(() =>
    runInterpreter({
      command: ['python3', '-I', '-S', '-B', '-c', parseOnly],
      input: JSON.stringify(codes),
      timeoutMs,
      signal,
    }),
  );
  if (result.status === 'stopped') return [];
  if (result.status === 'timed-out') {
    return ['The Python does not parse: it could not be parsed in time.'];
  }
  const problems = result.status === 'exited' ? problemsIn(result.output) : undefined;
  if (problems === undefined) {
    onSkipped?.(
      'Python in answers is not checked, because python3 could not be run: install it, or see that it starts.',
    );
    return [];
  }
  return problems
    .slice(0, mostProblems)
    .map((problem) => `The ${languageNames.python} does not parse: ${problem.slice(0, 300)}.`);
}

/** Undefined where no Python wrote this. */
function problemsIn(output: string): string[] | undefined {
  try {
    const problems: unknown = JSON.parse(output);
    return Array.isArray(problems) ? problems.map(String) : undefined;
  } catch {
    return undefined;
  }
}
