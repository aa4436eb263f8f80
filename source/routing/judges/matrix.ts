/** A square one, row by row. */
export type Matrix = number[][];

export function zeroMatrix(size: number): Matrix {
  return Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
}

/** Of a symmetric, positive definite matrix; by Gauss and Jordan, which needs no pivots there. */
export function inverseOf(matrix: Matrix): Matrix {
  const size = matrix.length;
  const rows = matrix.map((row, index) => [
    ...row,
    ...Array.from({ length: size }, (_, column) => (column === index ? 1 : 0)),
  ]);
  for (const [index, row] of rows.entries()) {
    const pivot = row[index] ?? 1;
    for (let column = 0; column < row.length; column += 1) {
      row[column] = (row[column] ?? 0) / pivot;
    }
    for (const other of rows) {
      const factor = other === row ? 0 : (other[index] ?? 0);
      if (factor === 0) continue;
      for (let column = 0; column < row.length; column += 1) {
        other[column] = (other[column] ?? 0) - factor * (row[column] ?? 0);
      }
    }
  }
  return rows.map((row) => row.slice(size));
}

export function productOf(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) =>
    row.reduce((sum, value, column) => sum + value * (vector[column] ?? 0), 0),
  );
}

/** vᵀ M v. */
export function quadraticForm(matrix: Matrix, vector: readonly number[]): number {
  return productOf(matrix, vector).reduce((sum, value, row) => sum + value * (vector[row] ?? 0), 0);
}
