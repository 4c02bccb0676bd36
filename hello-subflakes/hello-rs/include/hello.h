/* The C ABI of hello-rs, version 1 (src/ffi.rs, built with the feature `ffi`). */
#ifndef HELLO_H
#define HELLO_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define HELLO_ABI_VERSION 1

enum hello_locale {
    HELLO_LOCALE_EN = 0,
    HELLO_LOCALE_DE = 1,
    HELLO_LOCALE_FR = 2,
    HELLO_LOCALE_ES = 3
};

enum hello_ending {
    HELLO_ENDING_EXCLAMATION = 0,
    HELLO_ENDING_PERIOD = 1
};

/* The names in the comments are the same in every language binding. */
enum hello_status {
    HELLO_OK = 0,
    HELLO_EMPTY_NAME = 1,        /* empty-name */
    HELLO_NAME_TOO_LONG = 2,     /* name-too-long: more than 64 characters */
    HELLO_CONTROL_CHARACTER = 3, /* control-character */
    HELLO_UNKNOWN_LOCALE = 4,    /* unknown-locale */
    HELLO_UNKNOWN_ENDING = 5,    /* unknown-ending */
    HELLO_NOT_UTF8 = 6,          /* not-utf8 */
    HELLO_BUFFER_TOO_SMALL = 100,
    HELLO_NULL_POINTER = 101
};

/* The version of the library that is loaded: refuse one other than HELLO_ABI_VERSION. */
uint32_t hello_abi_version(void);

/*
 * Writes the greeting for `name` (UTF-8, `name_len` bytes) into `text` as UTF-8 without a final NUL,
 * and its length in bytes into `*text_len`. On HELLO_EMPTY_NAME to HELLO_NOT_UTF8 the text is that
 * of the error. On HELLO_BUFFER_TOO_SMALL `*text_len` is the capacity needed and `text` is left
 * alone: call again. `text` may be NULL when `text_capacity` is 0. Thread safe; nothing is to be freed.
 */
uint32_t hello_greeting(const uint8_t *name, size_t name_len, uint32_t locale, uint32_t ending,
                        uint8_t *text, size_t text_capacity, size_t *text_len);

#ifdef __cplusplus
}
#endif

#endif
