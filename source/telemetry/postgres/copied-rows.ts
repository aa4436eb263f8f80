import { Buffer } from 'node:buffer';

/** As much of the driver as is needed. */
type Client = { query(query: Copying): unknown };

/** PostgreSQL's mark, flags and the length of nothing. */
const headerBytes = 19;

/**
 * The rows of a query as the bytes of their values, in the server's binary form: a column of bytes takes half
 * of what its text would. The query has no parameters. The bytes lie where doubles may, and hold on to nothing
 * that was sent beside them.
 */
export function copiedRows(client: Client, query: string): Promise<Buffer[][]> {
  return new Promise((resolve, reject) => {
    client.query(new Copying(query, resolve, reject));
  });
}

/** The messages that the client hands over while it runs. */
class Copying {
  readonly #query: string;
  readonly #rows: Buffer[][] = [];
  #isBegun = false;
  /** The client puts an own one in its place, which watches the time. */
  callback: (error: Error | null) => void;

  constructor(query: string, done: (rows: Buffer[][]) => void, fail: (error: Error) => void) {
    this.#query = query;
    this.callback = (error) => (error === null ? done(this.#rows) : fail(error));
  }

  submit(connection: { query(text: string): void }): void {
    connection.query(`COPY (${this.#query}) TO STDOUT (FORMAT binary)`);
  }

  /** A message is a row. */
  handleCopyData({ chunk }: { chunk: Buffer }): void {
    let at = this.#isBegun ? 0 : headerBytes;
    this.#isBegun = true;
    if (at >= chunk.length) return;
    const count = chunk.readInt16BE(at);
    // After the last row.
    if (count < 0) return;
    at += 2;
    const row: Buffer[] = [];
    for (let column = 0; column < count; column += 1) {
      const length = chunk.readInt32BE(at);
      at += 4;
      const value = Buffer.allocUnsafeSlow(Math.max(0, length));
      chunk.copy(value, 0, at, (at += value.length));
      row.push(value);
    }
    this.#rows.push(row);
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleCommandComplete(): void {
    // Of no interest: the server is ready when all is said.
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }
}
