// Arrays begin where vectors do. Else nearly every vector of the long loops would lie across two
// cache lines, which costs a tenth of the time. Included once, in the main file.
#pragma once

#include <cstdlib>
#include <new>

constexpr std::size_t LINE = 64;

void *operator new[](std::size_t size) {
    void *memory = std::aligned_alloc(LINE, (size / LINE + 1) * LINE);
    if (!memory) throw std::bad_alloc();
    return memory;
}

void operator delete[](void *memory) noexcept { std::free(memory); }

void operator delete[](void *memory, std::size_t) noexcept { std::free(memory); }
