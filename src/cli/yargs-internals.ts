import type { Argv } from 'yargs';

/** What yargs has and its types leave out. */
interface Untyped {
  usageConfiguration(settings: { readonly 'hide-types': boolean }): void;
  getOptions(): DefinedOptions;
  showCompletionScript(program: string, command: string): void;
  getInternalMethods?(): { getUsageInstance?(): { cacheHelpMessage?: () => void } };
}

interface DefinedOptions {
  /** By name. */
  readonly key: object;
  readonly boolean: readonly string[];
  readonly array: readonly string[];
}

const untyped = (program: Argv): Untyped => program as unknown as Untyped;

/** The options that a command has; it is how the completion of yargs learns of them. */
export function optionsOf(command: Argv): DefinedOptions {
  return untyped(command).getOptions();
}

/** Prints what a shell needs to complete the program's commands; `command` is what prints it. */
export function printCompletionScript(own: Argv, program: string, command: string): void {
  untyped(own).showCompletionScript(program, command);
}

/** The descriptions say what may be given; a column of types would only make them wrap. */
export function hideTypes(program: Argv): void {
  untyped(program).usageConfiguration({ 'hide-types': true });
}

/**
 * Whenever a command is run yargs makes its help as well, should the command ask for it. None does,
 * and it is a tenth of the time that a short command takes.
 */
export function makeNoHelpAhead(program: Argv): void {
  const usage = untyped(program).getInternalMethods?.().getUsageInstance?.();
  if (usage?.cacheHelpMessage) usage.cacheHelpMessage = () => undefined;
}
