/**
 * Text of somebody else, fit for a line that people read: control, direction and other invisible characters as `\\u{hex}`, so that they
 * neither turn what stands beside them around nor reach a terminal.
 */
export const escapeControl = (text: string): string =>
  text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
