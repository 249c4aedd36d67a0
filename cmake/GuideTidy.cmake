# What clang-tidy needs beside the compile commands.
#
# Debian's ITK stops at any compiler it does not know, clang among them. Its header does nothing when all it defines is
# defined already, so g++ is asked what that is, and clang-tidy gets the answer by -include.

function(guide_make_itk_shim)
  set(shim "${CMAKE_BINARY_DIR}/itk_compiler_detection.hpp")
  file(WRITE "${shim}" "")
  find_path(GUIDE_ITK_INCLUDE itk_compiler_detection.h PATH_SUFFIXES ITK-5.2 ITK-5.3 ITK-5.4)
  if(NOT GUIDE_ITK_INCLUDE)
    return()
  endif()
  file(WRITE "${CMAKE_BINARY_DIR}/itk_probe.cpp" "#include <itk_compiler_detection.h>\n")
  execute_process(
    COMMAND "${CMAKE_CXX_COMPILER}" -std=c++20 -dM -E "-I${GUIDE_ITK_INCLUDE}" "${CMAKE_BINARY_DIR}/itk_probe.cpp"
    OUTPUT_VARIABLE defines COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "#define (ITK|itk)_[^\n]*" defines "${defines}")
  list(JOIN defines "\n" defines)
  file(WRITE "${shim}" "${defines}\n")
endfunction()

guide_make_itk_shim()
