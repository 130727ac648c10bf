/** The line that stands in a text where so many bytes of it are not there: in captured output, and in what a follower of it reads. */
export function leftOutMark(bytes: number): string {
  return `\n[… ${bytes} bytes left out …]\n`;
}
