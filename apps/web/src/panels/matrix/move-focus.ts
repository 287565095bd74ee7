export interface GridPlace {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads in a grid of so many rows and columns (ARIA grid pattern); null: the key is none of the grid's. */
export function moveFocus({ row, column }: GridPlace, key: string, ctrl: boolean, rows: number, columns: number): GridPlace | null {
  const within = (place: GridPlace): GridPlace => ({ row: clamp(place.row, rows), column: clamp(place.column, columns) });
  switch (key) {
    case "ArrowUp": return within({ row: ctrl ? 0 : row - 1, column });
    case "ArrowDown": return within({ row: ctrl ? rows - 1 : row + 1, column });
    case "ArrowLeft": return within({ row, column: ctrl ? 0 : column - 1 });
    case "ArrowRight": return within({ row, column: ctrl ? columns - 1 : column + 1 });
    case "Home": return within({ row: ctrl ? 0 : row, column: 0 });
    case "End": return within({ row: ctrl ? rows - 1 : row, column: columns - 1 });
    case "PageUp": return within({ row: row - PAGE, column });
    case "PageDown": return within({ row: row + PAGE, column });
    default: return null;
  }
}

const PAGE = 8;
const clamp = (at: number, count: number): number => Math.max(0, Math.min(count - 1, at));
