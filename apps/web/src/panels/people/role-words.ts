import type { Role } from "@vpclab/shared/wire/api";

export const ROLE_WORDS: Readonly<Record<Role, string>> = { admin: "Administrator", instructor: "Instructor", student: "Student", viewer: "Viewer" };
