/* Messages and the pipes they travel through; wire.c, server.c and stub.c share them. */
#ifndef CROSSTUNE_WIRE
#define CROSSTUNE_WIRE
#include "values.h"

#include <stdint.h>

enum { CROSSTUNE_VERSION = 1 };
enum crosstune_frame { CROSSTUNE_READ, CROSSTUNE_ENDED, CROSSTUNE_TOO_LONG };

void crosstune_begin(void);
void crosstune_add(const void *data, size_t size);
void crosstune_add_number(uint64_t bits, int bytes);
void crosstune_add_tag(char tag);
size_t crosstune_written(void);
void crosstune_set_byte(size_t at, unsigned char value);
bool crosstune_write(const void *data, size_t size);
bool crosstune_send(void);

enum crosstune_frame crosstune_receive(void);
const unsigned char *crosstune_take(size_t size);
uint64_t crosstune_number(int bytes);
/* How many bytes of the frame have not been taken. */
size_t crosstune_left(void);
bool crosstune_all_taken(void);

/* Each side has its own. */
_Noreturn void crosstune_too_long(void);
#endif
