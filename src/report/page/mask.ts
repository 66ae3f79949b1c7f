const email = /[^\s@"'<>(),;:]+@[^\s@"'<>(),;:]+/gu;
/** As E.164 writes it, with what people put between the digits. */
const phoneNumber = /\+\d[\d ().-]{5,}\d/gu;

/** Enough of a name to tell rows apart by eye, and not enough to know who it is: `a…@e….com`. */
export function maskedName(name: string): string {
  const at = name.lastIndexOf('@');
  if (at < 0) return shortened(name);
  const domain = name.slice(at + 1);
  const dot = domain.lastIndexOf('.');
  const end = dot < 0 ? '' : domain.slice(dot);
  return `${shortened(name.slice(0, at))}@${shortened(dot < 0 ? domain : domain.slice(0, dot))}${end}`;
}

/** A text without the name, and without anything that looks like an address. */
export function maskedText(text: string, name = ''): string {
  const without = name === '' ? text : text.replaceAll(name, () => maskedName(name));
  return without.replace(email, maskedName).replace(phoneNumber, shortened);
}

function shortened(text: string): string {
  const [first = ''] = text;
  return first === '' ? '' : `${first}…`;
}
