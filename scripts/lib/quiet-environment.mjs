/** Nothing that we start reports home: switches of Next, turbo, Prisma, and the common one. */
export const TELEMETRY_OFF = {
  NEXT_TELEMETRY_DISABLED: "1",
  TURBO_TELEMETRY_DISABLED: "1",
  CHECKPOINT_DISABLE: "1",
  DO_NOT_TRACK: "1",
};

/** The caller's environment without telemetry; `more` is added on top. */
export const quietEnvironment = (more = {}) => ({ ...process.env, ...TELEMETRY_OFF, ...more });
