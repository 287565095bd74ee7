export interface DiskTrouble {
  /** `room`: the disk takes nothing more; `access`: it may not be written, or is not what it should be. */
  readonly kind: "room" | "access";
  /** What it is and what a person can do, for the end of a sentence. */
  readonly words: string;
}

/** By errno: why a file cannot be written. */
const TROUBLES: Partial<Record<string, DiskTrouble>> = {
  ENOSPC: { kind: "room", words: "no space is left on its file system; make room, then do the same again" },
  EDQUOT: { kind: "room", words: "the disk quota is used up; make room, then do the same again" },
  EFBIG: { kind: "room", words: "a limit of file sizes is reached; raise it, then do the same again" },
  EIO: { kind: "room", words: "the disk reports an error; name a directory on another one" },
  EROFS: { kind: "access", words: "its file system is read-only; mount it writable, or name another directory" },
  EACCES: { kind: "access", words: "this user may not write it" },
  EPERM: { kind: "access", words: "this user may not write it" },
  ENOTDIR: { kind: "access", words: "a part of the path is not a directory" },
  EEXIST: { kind: "access", words: "it is not a directory" },
  ENOENT: { kind: "access", words: "there is no such place" },
};

export const diskTrouble = (errno: string): DiskTrouble | undefined => TROUBLES[errno];

/** The sentence for a person. */
export const diskTroubleText = (path: string, errno: string, { words }: DiskTrouble): string => `${path} cannot be written: ${words} (${errno}).`;
