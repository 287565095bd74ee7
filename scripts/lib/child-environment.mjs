/** Nothing that we start reports home: switches of Next, turbo, Prisma, and the common one. */
export const TELEMETRY_OFF = {
  NEXT_TELEMETRY_DISABLED: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  CHECKPOINT_DISABLE: "1",
  DO_NOT_TRACK: "1",
};

/** An ordinary user's PATH lacks sbin on Debian, where ip, nft and sysctl live. */
const SYSTEM_PATH = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];

/** The folders in which programs are looked for: the caller's PATH, then the system's own. */
export const programFolders = () => [...new Set([...(process.env.PATH ?? "").split(":").filter(Boolean), ...SYSTEM_PATH])];

/** The caller's environment without telemetry and with the system's folders in PATH; `more` is added on top. */
export const childEnvironment = (more = {}) => ({ ...process.env, ...TELEMETRY_OFF, PATH: programFolders().join(":"), ...more });
