/* Links the shared library through include/hello.h: header and library agree. */
#include <hello.h>
#include <stdio.h>
#include <string.h>

static int expect(const char *name, uint32_t locale, uint32_t ending, uint32_t status,
                  const char *expected)
{
    uint8_t text[256];
    size_t length = 0;
    uint32_t got = hello_greeting((const uint8_t *)name, strlen(name), locale, ending, text,
                                  sizeof text, &length);

    if (got == status && length == strlen(expected) && memcmp(text, expected, length) == 0)
        return 0;
    fprintf(stderr, "greet.c: for '%s' expected %u '%s', got %u '%.*s'\n", name, status, expected,
            got, (int)length, (const char *)text);
    return 1;
}

int main(void)
{
    int failures = 0;

    if (hello_abi_version() != HELLO_ABI_VERSION) {
        fprintf(stderr, "greet.c: the library has ABI version %u, the header %d\n",
                hello_abi_version(), HELLO_ABI_VERSION);
        return 1;
    }
    failures += expect("Ada", HELLO_LOCALE_EN, HELLO_ENDING_EXCLAMATION, HELLO_OK, "Hello, Ada!");
    failures += expect("Ada", HELLO_LOCALE_ES, HELLO_ENDING_PERIOD, HELLO_OK, "Hola, Ada.");
    failures += expect("", HELLO_LOCALE_EN, HELLO_ENDING_PERIOD, HELLO_EMPTY_NAME,
                       "the name is empty: give at least one visible character");
    failures += expect("Ada", 9, HELLO_ENDING_PERIOD, HELLO_UNKNOWN_LOCALE,
                       "unknown locale '9': use en, de, fr or es");
    return failures == 0 ? 0 : 1;
}
