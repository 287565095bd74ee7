const two = (part: number): string => String(part).padStart(2, "0");

/** Today `14:05`, else `11-20 14:05`, where the person is. `iso`: as the server writes times. */
export function dayAndTime(iso: string): string {
  const date = new Date(iso);
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return date.toDateString() === new Date().toDateString() ? clock : `${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock}`;
}
