//! Outlines of the other languages, on samples that look as such files do.

use super::outline::lines;

#[test]
fn typescript_has_interfaces_types_enums_and_members_that_say_private() {
    let text = r#"// Loads greetings.
import { x } from "./x";

/** What a greeting is. */
export interface Greeting<T> extends Base {
  tone: T;
  say(name: string): string;
}
export type Name = string | { first: string };
export enum Tone { Plain, Polite }
export abstract class Greeter implements Greeting<Tone> {
  private cache = new Map<string, string>();
  constructor(private readonly tone: Tone) {}
  /** Says it. */
  say(name: string): string { return name; }
  private hidden(): void {}
  protected abstract later(): Promise<void>;
}
export function greet(name: Name): string;
export function greet(name: any) { return name; }
export const polite = async (name: string): Promise<string> => `Dear ${name}`;
export namespace Inner { export const deep = 1; }
declare function ambient(x: number): void;
function helper() {}
"#;
    assert_eq!(
        lines("src/greet.ts", text),
        [
            "5-8 type Greeting + | interface Greeting<T> extends Base | What a greeting is.",
            "9-9 type Name + | type Name | ",
            "10-10 type Tone + | enum Tone | ",
            "11-18 type Greeter + | abstract class Greeter implements Greeting<Tone> | ",
            "13-13 fn constructor + | constructor(private readonly tone: Tone) | ",
            "15-15 fn say + | say(name: string): string | Says it.",
            "16-16 fn hidden | private hidden(): void | ",
            "17-17 fn later | protected abstract later(): Promise<void> | ",
            "19-19 fn greet + | function greet(name: Name): string | ",
            "20-20 fn greet + | function greet(name: any) | ",
            "21-21 fn polite + | polite = async (name: string): Promise<string> | ",
            "22-22 mod Inner + | namespace Inner | ",
            "22-22 value deep + | deep | ",
            "23-23 fn ambient | function ambient(x: number): void | ",
            "24-24 fn helper | function helper() | ",
        ]
    );
}

#[test]
fn tsx_is_typescript_with_elements() {
    let text = "export function Greeting({ name }: { name: string }): JSX.Element {\n  return <p className=\"x\">Hello, {name}!</p>;\n}\n";
    assert_eq!(
        lines("src/greeting.tsx", text),
        ["1-3 fn Greeting + | function Greeting({ name }: { name: string }): JSX.Element | "]
    );
}

#[test]
fn go_is_public_by_its_capitals() {
    let text = r#"// Package hello greets.
package hello

import "fmt"

// Limit is how many greetings fit.
const Limit = 10

const (
	// Plain says it plainly.
	Plain Tone = iota
	polite
)

// Greeter greets.
//
// More about it.
type Greeter struct {
	tone Tone
}

type Tone int
type Speaker interface {
	Say(name string) (string, error)
}

var ErrNobody = fmt.Errorf("nobody")

// Greet greets somebody.
func Greet(ctx context.Context, name string) (string, error) {
	return "", nil
}

func (g *Greeter) Say(name string) string { return name }
func helper[T any](x T) {}
func TestGreet(t *testing.T) {}
"#;
    assert_eq!(
        lines("hello.go", text),
        [
            "7-7 value Limit + | const Limit | Limit is how many greetings fit.",
            "11-11 value Plain + | const Plain Tone | Plain says it plainly.",
            "12-12 value polite | const polite | ",
            "18-20 type Greeter + | type Greeter struct | Greeter greets.",
            "22-22 type Tone + | type Tone int | ",
            "23-25 type Speaker + | type Speaker interface | ",
            "27-27 value ErrNobody + | var ErrNobody | ",
            "30-32 fn Greet + | func Greet(ctx context.Context, name string) (string, error) | Greet greets somebody.",
            "34-34 fn Say + | func (g *Greeter) Say(name string) string | ",
            "35-35 fn helper | func helper[T any](x T) | ",
            "36-36 fn TestGreet + ~ | func TestGreet(t *testing.T) | ",
        ]
    );
}

#[test]
fn c_shows_prototypes_types_and_macros_and_static_is_private() {
    let text = r#"/* Greets. */
#ifndef HELLO_H
#define HELLO_H

#define HELLO_MAX 64
#define HELLO_SWAP(a, b) do { int t = a; a = b; b = t; } while (0)

/* Who is greeted. */
struct hello_person {
	const char *name;
};
typedef struct hello_tone { int polite; } hello_tone_t;
typedef int (*hello_callback)(const char *name);
enum hello_kind { HELLO_PLAIN, HELLO_POLITE };

/** Greets somebody. */
char *hello_greet(const struct hello_person *person, int count);
extern int hello_count;
static inline int hello_twice(int x) { return 2 * x; }

#ifdef __cplusplus
extern "C" {
#endif
int hello_in_c(void);
#ifdef __cplusplus
}
#endif
int hello_main(int argc,
	       char **argv)
{
	return 0;
}
#endif
"#;
    assert_eq!(
        lines("hello.h", text),
        [
            "5-5 value HELLO_MAX + | #define HELLO_MAX | ",
            "6-6 fn HELLO_SWAP + | #define HELLO_SWAP(a, b) | ",
            "9-11 type hello_person + | struct hello_person | Who is greeted.",
            "12-12 type hello_tone_t + | typedef struct hello_tone … hello_tone_t | ",
            "13-13 type hello_callback + | typedef int (*hello_callback)(const char *name) | ",
            "14-14 type hello_kind + | enum hello_kind | ",
            "17-17 fn hello_greet + | char *hello_greet(const struct hello_person *person, int count) | Greets somebody.",
            "18-18 value hello_count + | extern int hello_count | ",
            "19-19 fn hello_twice | static inline int hello_twice(int x) | ",
            "24-24 fn hello_in_c + | int hello_in_c(void) | ",
            "28-32 fn hello_main + | int hello_main(int argc, char **argv) | ",
        ]
    );
}

#[test]
fn cpp_members_are_as_public_as_their_class_says() {
    let text = r#"// Greets.
#include <string>

namespace hello {

/// Somebody who greets.
template <typename T>
class Greeter : public Base<T> {
 public:
  explicit Greeter(T tone);
  ~Greeter();
  /// Says it.
  virtual std::string greet(const std::string& name) const = 0;
  static Greeter make() { return Greeter(1); }
  using Tone = T;

 private:
  void hidden();
  T tone_;
};

struct Person {
  std::string name;
  std::string full() const;
};

enum class Kind { plain, polite };
template <typename T> T twice(T x) { return x + x; }
std::string Greeter<int>::greet(const std::string& name) const { return name; }
static int helper() { return 1; }

}  // namespace hello
"#;
    assert_eq!(
        lines("hello.cpp", text),
        [
            "8-20 type Greeter + | class Greeter : public Base<T> | Somebody who greets.",
            "10-10 fn Greeter + | explicit Greeter(T tone) | ",
            "11-11 fn ~Greeter + | ~Greeter() | ",
            "13-13 fn greet + | virtual std::string greet(const std::string& name) const = 0 | Says it.",
            "14-14 fn make + | static Greeter make() | ",
            "15-15 type Tone + | using Tone = T | ",
            "18-18 fn hidden | void hidden() | ",
            "22-25 type Person + | struct Person | ",
            "24-24 fn full + | std::string full() const | ",
            "27-27 type Kind + | enum class Kind | ",
            "28-28 fn twice + | T twice(T x) | ",
            "29-29 fn Greeter<int>::greet + | std::string Greeter<int>::greet(const std::string& name) const | ",
            "30-30 fn helper | static int helper() | ",
        ]
    );
}

#[test]
fn java_is_public_where_it_says_so_and_in_interfaces() {
    let text = r#"package org.hello;

/**
 * Greets people.
 *
 * @author nobody
 */
@Deprecated
public final class Greeter extends Base implements Speaker {
    /** How many. */
    public static final int LIMIT = 10;
    private final Tone tone;

    public Greeter(Tone tone) { this.tone = tone; }

    /**
     * Greets somebody.
     * @param name who
     */
    @Override
    public String greet(String name) throws IOException { return name; }

    String near() { return ""; }

    public enum Tone { PLAIN, POLITE; public boolean polite() { return true; } }

    @Test
    void greets() {}
}

interface Speaker { String greet(String name) throws IOException; }
public interface Open { int count(); }
record Point(int x, int y) {}
"#;
    assert_eq!(
        lines("src/Greeter.java", text),
        [
            "8-29 type Greeter + | public final class Greeter extends Base implements Speaker | Greets people.",
            "11-11 value LIMIT + | public static final int LIMIT | How many.",
            "14-14 fn Greeter + | public Greeter(Tone tone) | ",
            "20-21 fn greet + | public String greet(String name) throws IOException | Greets somebody.",
            "23-23 fn near | String near() | ",
            "25-25 type Tone + | public enum Tone | ",
            "25-25 fn polite + | public boolean polite() | ",
            "27-28 fn greets ~ | void greets() | ",
            "31-31 type Speaker | interface Speaker | ",
            "31-31 fn greet | String greet(String name) throws IOException | ",
            "32-32 type Open + | public interface Open | ",
            "32-32 fn count + | int count() | ",
            "33-33 type Point | record Point(int x, int y) | ",
        ]
    );
}
