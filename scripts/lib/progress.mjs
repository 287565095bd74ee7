const live = process.stdout.isTTY === true;
const colour = live && !process.env.NO_COLOR;
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

export const bold = (text) => paint("1", text);
export const dim = (text) => paint("2", text);
export const green = (text) => paint("32", text);
export const yellow = (text) => paint("33", text);
export const red = (text) => paint("31", text);

export const seconds = (ms) => (ms < 60_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1000)} s`);

/** A problem that the user can mend: shown as a plain message without a stack. */
export class UserError extends Error {}

/**
 * Runs one step of a start and shows that it is alive: on a terminal one line that is rewritten, elsewhere a line at the
 * beginning, one every 15 s and one at the end. `work` gets `say(text)` for what it is doing at the moment and may return
 * a note for the final line.
 */
export async function step(title, work) {
  const started = Date.now();
  let doing = "";
  const draw = (mark, text) => {
    const width = (process.stdout.columns ?? 80) - 1;
    process.stdout.write(`\r\u001b[K${mark} ${text.slice(0, width - 2)}`);
  };
  const show = () => {
    const text = `${title}  ${seconds(Date.now() - started)}${doing ? `  ${doing}` : ""}`;
    if (live) draw(dim("…"), text);
    else console.log(`… ${text}`);
  };
  if (live) show();
  else console.log(`… ${title}`);
  const timer = setInterval(show, live ? 200 : 15_000);
  try {
    const note = await work((text) => { doing = text; });
    clearInterval(timer);
    if (live) process.stdout.write("\r\u001b[K");
    console.log(`${green("✓")} ${title}${note ? `: ${note}` : ""} ${dim(`(${seconds(Date.now() - started)})`)}`);
  } catch (error) {
    clearInterval(timer);
    if (live) process.stdout.write("\r\u001b[K");
    console.log(`${red("✗")} ${title} ${dim(`(${seconds(Date.now() - started)})`)}`);
    throw error;
  }
}

/** One line about something that happened by itself, also in the middle of a step. */
export const announce = (text) =>
  console.log(`${live ? "\r\u001b[K" : ""}${dim(new Date().toLocaleTimeString("en-GB"))} ${yellow(text)}`);

/** Runs a command's main function: a UserError ends it with its message only, anything else with the stack. */
export async function main(run) {
  try {
    process.exitCode = (await run()) ?? 0;
  } catch (error) {
    console.error(error instanceof UserError ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}
