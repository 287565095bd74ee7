/** Who acts on this machine, for the activity log: `root`, or `root (ann)` for a person with sudo. */
export function localActor(user: string, sudoUser: string | null): string {
  return sudoUser !== null && sudoUser !== user && /^[A-Za-z0-9._-]{1,64}$/.test(sudoUser) ? `${user} (${sudoUser})` : user;
}
