/** A key by its name (`up`, `enter`, `ctrl-c`), or the character that it types. */
export type KeyName = string;
