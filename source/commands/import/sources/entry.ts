/**
 * Takes an entry of a file: the line where it ends, a function that makes its value or throws a Rejection,
 * and its text where it has one of its own.
 */
export type TakeEntry = (line: number, valueOf: () => unknown, text?: string) => void;
