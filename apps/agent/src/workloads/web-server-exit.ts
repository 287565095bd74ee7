/** Exit codes of the web server, by errno of what failed (errno.h), and what a person is told. */
export const EXIT_CODE = { EADDRINUSE: 98, EACCES: 13, EADDRNOTAVAIL: 99, other: 1 } as const;

export const EXIT_MEANING: Readonly<Record<number, string>> = {
  [EXIT_CODE.EADDRINUSE]: "another program listens on this port already",
  [EXIT_CODE.EACCES]: "an unprivileged program may not listen on this port",
  [EXIT_CODE.EADDRNOTAVAIL]: "the address is not there",
};
