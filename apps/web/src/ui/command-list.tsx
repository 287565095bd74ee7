import { CopyButton } from "./copy-button";

/** Linux commands in their order: copied as a whole, or one by one. */
export function CommandList({ commands, label }: { readonly commands: readonly string[]; readonly label: string }) {
  return (
    <div className="rounded-box border border-line bg-raised">
      <div className="flex items-center border-b border-line pr-1 pl-2">
        <p className="numeric flex-1 text-xs text-muted">{commands.length === 1 ? "1 command" : `${commands.length} commands`}</p>
        <CopyButton text={commands.join("\n")} label={label} />
      </div>
      <ol tabIndex={0} aria-label="Linux commands" className="max-h-72 overflow-auto py-1">
        {commands.map((command, at) => (
          <li key={`${at} ${command}`} className="group flex items-start pr-1 pl-2 hover:bg-surface">
            <pre className="numeric min-w-0 flex-1 overflow-x-auto text-xs leading-7 whitespace-pre">{command}</pre>
            <span className="opacity-0 group-focus-within:opacity-100 group-hover:opacity-100"><CopyButton text={command} label="Copy this command" /></span>
          </li>
        ))}
      </ol>
    </div>
  );
}
