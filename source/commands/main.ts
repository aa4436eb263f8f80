/** Parses the command line and runs the command it names. */
export async function main(_argv: string[]): Promise<void> {
  process.stdout.write('orchestrator\n');
}
