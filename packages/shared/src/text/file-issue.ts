import { AppError } from "../errors/app-error";
import type { Issue } from "../errors/issue";

/** Where in a file something stands; lines and columns count from 1. */
export interface FilePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** An issue with the place in the file that it is about. */
export type FileIssue = Issue & { readonly position: FilePosition };

/** All that is wrong with a file as one error; bad input whatever the first code is, because nothing was done yet. */
export function fileError(file: string, issues: readonly FileIssue[]): AppError {
  const many = issues.length === 1 ? "one thing is" : `${issues.length} things are`;
  return new AppError("SCHEMA", `${file}: ${many} wrong; nothing was changed.`, { issues });
}
