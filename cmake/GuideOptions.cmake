# Options, defaults and output folders. A project that takes guide in by add_subdirectory gets the library alone.

if(PROJECT_IS_TOP_LEVEL)
  set(guide_top_level ON)
else()
  set(guide_top_level OFF)
endif()

option(BUILD_SHARED_LIBS "Build the modules as shared libraries" ON)
option(GUIDE_BUILD_APPS "Build the guide program" ${guide_top_level})
set(GUIDE_BUILD_VIEWER AUTO CACHE STRING "Build guide-viewer: ON, OFF, or AUTO where Qt 5.15 is found")
option(GUIDE_BUILD_TESTS "Build the tests" ${guide_top_level})
option(GUIDE_BUILD_BENCHMARKS "Build the benchmarks (Google Benchmark)" OFF)
option(GUIDE_TEST_INSTALL "Test the installed package and the samples against it" ON)
option(GUIDE_WERROR "Treat warnings as errors" OFF)
option(GUIDE_CHECK_HEADERS "Compile every public header on its own" OFF)
option(GUIDE_COVERAGE "Instrument for gcov" OFF)
option(GUIDE_CLANG_TIDY "Make what clang-tidy needs beside the compile commands" OFF)
set(GUIDE_SANITIZE "" CACHE STRING "Sanitizers for every target of guide, e.g. address,undefined or thread")

if(PROJECT_IS_TOP_LEVEL)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Build type" FORCE)
  endif()
  set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  set(CMAKE_LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
  set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
endif()

include(GNUInstallDirs)

# What every target of guide is compiled with; never reaches a consumer.
add_library(guide_build_flags INTERFACE)
target_compile_features(guide_build_flags INTERFACE cxx_std_20)
target_compile_options(
  guide_build_flags
  INTERFACE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wnon-virtual-dtor
            # Same bits on every machine: no fused multiply-add that one compiler takes and another not.
            -ffp-contract=off
            $<$<BOOL:${GUIDE_WERROR}>:-Werror>)
if(GUIDE_SANITIZE)
  target_compile_options(guide_build_flags INTERFACE -fsanitize=${GUIDE_SANITIZE} -fno-sanitize-recover=all
                                                     -fno-omit-frame-pointer)
  target_link_options(guide_build_flags INTERFACE -fsanitize=${GUIDE_SANITIZE})
endif()
if(GUIDE_COVERAGE)
  target_compile_options(guide_build_flags INTERFACE --coverage -fprofile-update=atomic)
  target_link_options(guide_build_flags INTERFACE --coverage)
endif()
