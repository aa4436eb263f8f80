let retired = false;

/**
 * Says that this thread is not to be trusted with another answer: a parser in WebAssembly, for one, does
 * not recover from code that is nested too deeply.
 */
export function retireThread(): void {
  retired = true;
}

export const isRetired = (): boolean => retired;
